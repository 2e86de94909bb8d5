package shell

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// Run runs a command, what it prints going where the program prints. The parts of the command are
// written one after the other, as Text writes them. The error says how a command ended that did not
// end with status 0.
func Run(command ...any) (status int, err error) {
	return run(os.Stdout, "sh", Text(command...))
}

// Bash runs a script of bash, which ends at the first command that fails.
func Bash(script string) (status int, err error) {
	return run(os.Stdout, "bash", "set -e\n"+script)
}

// Output runs a command and gives what it prints on its standard output.
func Output(command ...any) (string, error) {
	var b bytes.Buffer
	_, err := run(&b, "sh", Text(command...))
	return b.String(), err
}

// Lines is Output cut into lines.
func Lines(command ...any) ([]string, error) {
	text, err := Output(command...)
	text = strings.TrimSuffix(text, "\n")
	if text == "" {
		return nil, err
	}
	return strings.Split(text, "\n"), err
}

// run has the shell called name run a script.
func run(stdout io.Writer, name, script string) (int, error) {
	cmd := exec.Command(name, "-c", script)
	cmd.Stdout, cmd.Stderr = stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return -1, fmt.Errorf("shell: %w", err)
	}
	interrupted := children.add(cmd.Process.Pid)
	err := cmd.Wait()
	children.remove(cmd.Process.Pid)
	select {
	case <-interrupted:
		return cmd.ProcessState.ExitCode(), fmt.Errorf("shell: %s was interrupted", short(script))
	default:
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), fmt.Errorf("shell: %s ended with %v", short(script), exit)
	}
	return 0, err
}

// short is a script as a message names it.
func short(script string) string {
	script = strings.TrimPrefix(script, "set -e\n")
	line, rest, _ := strings.Cut(strings.TrimSpace(script), "\n")
	if rest != "" || len(line) > 60 {
		line = line[:min(len(line), 60)] + " ..."
	}
	return "`" + line + "`"
}
