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

// Shell says where commands print. The functions of the package are those of the zero Shell, whose
// commands print where the program does.
type Shell struct{ Stdout, Stderr io.Writer }

// Run runs a command. The parts of the command are written one after the other, as Text writes them.
// The error says how a command ended that did not end with status 0.
func (s Shell) Run(command ...any) (status int, err error) {
	return s.run("sh", Text(command...))
}

// Bash runs a script of bash, which ends at the first command that fails.
func (s Shell) Bash(script string) (status int, err error) {
	return s.run("bash", "set -e\n"+script)
}

// Output runs a command and gives what it prints on its standard output.
func (s Shell) Output(command ...any) (string, error) {
	var b bytes.Buffer
	_, err := Shell{&b, s.Stderr}.run("sh", Text(command...))
	return b.String(), err
}

// Lines is Output cut into lines.
func (s Shell) Lines(command ...any) ([]string, error) {
	text, err := s.Output(command...)
	text = strings.TrimSuffix(text, "\n")
	if text == "" {
		return nil, err
	}
	return strings.Split(text, "\n"), err
}

// Run is Shell.Run.
func Run(command ...any) (status int, err error) { return Shell{}.Run(command...) }

// Bash is Shell.Bash.
func Bash(script string) (status int, err error) { return Shell{}.Bash(script) }

// Output is Shell.Output.
func Output(command ...any) (string, error) { return Shell{}.Output(command...) }

// Lines is Shell.Lines.
func Lines(command ...any) ([]string, error) { return Shell{}.Lines(command...) }

// run has the shell called name run a script.
func (s Shell) run(name, script string) (int, error) {
	cmd := exec.Command(name, "-c", script)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if s.Stdout != nil {
		cmd.Stdout = s.Stdout
	}
	if s.Stderr != nil {
		cmd.Stderr = s.Stderr
	}
	cmd.WaitDelay = patience // for what a command left behind, which may hold its output open
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
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil
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
