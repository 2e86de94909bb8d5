"""The kernel conformance suite of Jupyter (jupyter_kernel_test) with samples in Go.

Run by tests/conformance_test.go, which reads one JSON object from stdout: the name of each test to
the reasons why it did not pass, none when it did.
"""

import json
import unittest

import jupyter_kernel_test
from jupyter_kernel_test import TIMEOUT, validate_message


class GofiveTests(jupyter_kernel_test.KernelTests):
    kernel_name = "gofive"
    language_name = "go"
    file_extension = ".go"

    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'fmt.Fprintln(os.Stderr, "to stderr")'

    completion_samples = [
        {"text": "strings.HasPre", "matches": ["HasPrefix"]},
        {"text": "fmt.Sprintl", "matches": ["Sprintln"]},
        {"text": "math.MaxUint3", "matches": ["MaxUint32"]},
    ]
    complete_code_samples = [
        "1 + 1",
        'fmt.Println("hello")',
        "x := 2\nx * x",
        "func double(n int) int {\n\treturn 2 * n\n}",
        "// only a comment",
    ]
    incomplete_code_samples = [
        "func f() {",
        "fmt.Println(",
        "x := []int{1,",
        "for i := range 3 {\n",
        "s := `not closed",
        "1 +",
    ]
    invalid_code_samples = ["x := )", "}", "if := 3"]

    code_generate_error = "undefinedName + 1"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "[]int{1, 2, 3}", "result": "[1 2 3]"},
    ]
    code_display_data = [
        {"code": 'display.Show(display.HTML("<b>bold</b>"))', "mime": "text/html"},
        {"code": 'display.Show(display.Markdown("**bold**"))', "mime": "text/markdown"},
    ]
    code_page_something = "strings.HasPrefix?"
    code_inspect_sample = "strings.HasPrefix"
    code_clear_output = "display.Clear(false)"
    code_history_pattern = "6 ?*"
    supported_history_operations = ("tail", "range", "search")

    @classmethod
    def setUpClass(cls):
        """The suite gives up when the next message of iopub is not there in 0.1 s: a busy computer takes longer."""
        super().setUpClass()
        channel = cls.kc.iopub_channel
        get = channel.get_msg
        channel.get_msg = lambda timeout=None: get(timeout=TIMEOUT)

    def flush_channels(self):
        """Read all that comes before the end of one more request, however long that takes."""
        request = self.kc.kernel_info()
        while True:
            message = self.kc.get_shell_msg(timeout=TIMEOUT)
            validate_message(message)
            if message["parent_header"].get("msg_id") == request:
                break
        while True:
            message = self.kc.get_iopub_msg(timeout=TIMEOUT)
            validate_message(message)
            if message["parent_header"].get("msg_id") == request and message["content"].get("execution_state") == "idle":
                break

    def test_error_of_running_code(self):
        self.flush_channels()
        reply, output = self.execute_helper("var none []int\nnone[3]")
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual([m["msg_type"] for m in output], ["error"])
        self.assertIn("index out of range", reply["content"]["evalue"])

    def test_welcome(self):
        """Every subscriber of iopub is welcomed before anything else (JEP 65)."""
        import zmq

        address = self.kc._make_url("iopub")
        for topic in (b"", b"kernel."):
            with zmq.Context() as context, context.socket(zmq.SUB) as socket:
                socket.setsockopt(zmq.LINGER, 0)
                socket.connect(address)
                socket.subscribe(topic)
                self.assertTrue(socket.poll(10000), "no welcome in 10 s")
                _, frames = self.kc.session.feed_identities(socket.recv_multipart())
                message = self.kc.session.deserialize(frames)
                self.assertEqual(message["header"]["msg_type"], "iopub_welcome")
                self.assertEqual(message["content"]["subscription"].encode(), topic)


class Verdicts(unittest.TestResult):
    """Collects why tests, and samples within tests, did not pass."""

    def __init__(self):
        super().__init__()
        self.reasons = {}

    def startTest(self, test):
        super().startTest(test)
        self.reasons[test._testMethodName] = []

    def note(self, test, reason):
        method = getattr(test, "test_case", test)
        self.reasons.setdefault(getattr(method, "_testMethodName", str(method)), []).append(reason)

    def addFailure(self, test, err):
        self.note(test, f"{test}\n{self._exc_info_to_string(err, test)}")

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.addFailure(subtest, err)

    def addSkip(self, test, reason):
        self.note(test, f"skipped {reason}")


if __name__ == "__main__":
    verdicts = Verdicts()
    unittest.defaultTestLoader.loadTestsFromTestCase(GofiveTests).run(verdicts)
    print(json.dumps(verdicts.reasons))
