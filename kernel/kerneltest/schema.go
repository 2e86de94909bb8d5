package kerneltest

import "gofive/kernel"

// message is what the messaging specification 5.5 says of a message type:
// https://jupyter-client.readthedocs.io/en/stable/messaging.html
type message struct {
	channels []kernel.Channel
	content  fields
}

var (
	onShell   = []kernel.Channel{kernel.Shell}
	onControl = []kernel.Channel{kernel.Control}
	onBoth    = []kernel.Channel{kernel.Shell, kernel.Control}
	onStdin   = []kernel.Channel{kernel.Stdin}
	onIOPub   = []kernel.Channel{kernel.IOPub}
)

// Parts that several messages have.
var (
	ok       = one("ok")
	display  = fields{"data": bundle, "metadata": object, "transient": fields{"display_id?": text}.shape()}
	commData = fields{"comm_id": text, "data": object}
	commOpen = fields{"comm_id": text, "target_name": text, "target_module?": text, "data": object}
	language = fields{
		"name": text, "version": text, "mimetype": mime, "file_extension": text,
		"pygments_lexer?": text, "codemirror_mode?": either(text, object), "nbconvert_exporter?": text,
	}
	completion = fields{"text": text, "type": text, "signature?": text, "start?": count, "end?": count}
	value      = fields{"status": ok, "data": bundle, "metadata": object}
	failure    = fields{"status": one("error"), "ename": text, "evalue": text, "traceback": list(text)}
	payload    = either(
		fields{"source": one("page"), "data": bundle, "start": count}.shape(),
		fields{"source": one("set_next_input"), "text": text, "replace": flag}.shape(),
		fields{"source": one("ask_exit"), "keepkernel": flag}.shape(),
	)
)

// fromKernel are the messages that a kernel sends. A reply's fields are those of success.
var fromKernel = map[string]message{
	"execute_reply": {onShell, fields{"status": ok, "execution_count": count,
		"user_expressions": values(either(value.shape(), failure.shape())), "payload": list(payload)}},
	"inspect_reply": {onShell, fields{"status": ok, "found": flag, "data": bundle, "metadata": object}},
	"complete_reply": {onShell, fields{"status": ok, "matches": list(text), "cursor_start": count, "cursor_end": count,
		"metadata": fields{"_jupyter_types_experimental?": list(completion.shape())}.shape()}},
	"history_reply": {onShell, fields{"status": ok,
		"history": list(tuple(count, count, either(text, tuple(text, either(text, null)))))}},
	"is_complete_reply": {onShell, fields{"status": one("complete", "incomplete", "invalid", "unknown"), "indent?": text}},
	"connect_reply": {onShell, fields{"status": ok, "shell_port": count, "iopub_port": count, "stdin_port": count,
		"control_port": count, "hb_port": count}},
	"comm_info_reply": {onShell, fields{"status": ok, "comms": values(fields{"target_name": text}.shape())}},
	"kernel_info_reply": {onBoth, fields{"status": ok, "protocol_version": version, "implementation": text,
		"implementation_version": text, "language_info": language.shape(), "banner": text, "debugger?": flag,
		"help_links": list(fields{"text": text, "url": text}.shape()), "supported_features?": list(text)}},
	"shutdown_reply":        {onBoth, fields{"status": ok, "restart": flag}},
	"interrupt_reply":       {onControl, fields{"status": ok}},
	"create_subshell_reply": {onControl, fields{"status": ok, "subshell_id": text}},
	"delete_subshell_reply": {onControl, fields{"status": ok}},
	"list_subshell_reply":   {onControl, fields{"status": ok, "subshell_id": list(text)}},
	"debug_reply": {onControl, fields{"type": one("response"), "request_seq": count, "success": flag, "command": text,
		"message?": text, "body?": object}},

	"status":              {onIOPub, fields{"execution_state": one("starting", "busy", "idle")}},
	"execute_input":       {onIOPub, fields{"code": text, "execution_count": count}},
	"stream":              {onIOPub, fields{"name": one("stdout", "stderr"), "text": text}},
	"display_data":        {onIOPub, display},
	"update_display_data": {onIOPub, display},
	"execute_result":      {onIOPub, fields{"execution_count": count, "data": bundle, "metadata": object}},
	"error":               {onIOPub, fields{"ename": text, "evalue": text, "traceback": list(text)}},
	"clear_output":        {onIOPub, fields{"wait": flag}},
	"iopub_welcome":       {onIOPub, fields{"subscription": text}},
	"comm_open":           {onIOPub, commOpen},
	"comm_msg":            {onIOPub, commData},
	"comm_close":          {onIOPub, commData},
	"input_request":       {onStdin, fields{"prompt": text, "password": flag}},
}

// fromClient are the messages that a client sends. What many of them leave out is optional here.
var fromClient = map[string]message{
	"execute_request": {onShell, fields{"code": text, "silent?": flag, "store_history?": flag,
		"user_expressions?": values(text), "allow_stdin?": flag, "stop_on_error?": flag}},
	"inspect_request":  {onShell, fields{"code": text, "cursor_pos?": count, "detail_level?": level}},
	"complete_request": {onShell, fields{"code": text, "cursor_pos?": count}},
	"history_request": {onShell, fields{"hist_access_type": one("range", "tail", "search"), "output?": flag, "raw?": flag,
		"session?": integer, "start?": integer, "stop?": either(integer, null), "n?": count, "pattern?": text, "unique?": flag}},
	"is_complete_request": {onShell, fields{"code": text}},
	"connect_request":     {onShell, fields{}},
	"comm_info_request":   {onShell, fields{"target_name?": text}},
	"kernel_info_request": {onBoth, fields{}},
	"comm_open":           {onShell, commOpen},
	"comm_msg":            {onShell, commData},
	"comm_close":          {onShell, commData},

	"shutdown_request":        {onBoth, fields{"restart": flag}},
	"interrupt_request":       {onControl, fields{}},
	"create_subshell_request": {onControl, fields{}},
	"delete_subshell_request": {onControl, fields{"subshell_id": text}},
	"list_subshell_request":   {onControl, fields{}},
	"debug_request":           {onControl, fields{"seq": count, "type": one("request"), "command": text, "arguments?": object}},

	"input_reply": {onStdin, fields{"value": text}},
}
