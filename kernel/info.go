package kernel

import (
	"fmt"
	"runtime"
	"strings"

	"gofive/kernel/msg"
)

// kernelInfo answers kernel_info_request.
func (k *Kernel) kernelInfo(*request) (any, error) {
	goVersion := strings.TrimPrefix(runtime.Version(), "go")
	return msg.KernelInfoReply{
		Status:                msg.StatusOK,
		ProtocolVersion:       msg.Version,
		Implementation:        "gofive",
		ImplementationVersion: k.version,
		Language: msg.LanguageInfo{
			Name: "go", Version: goVersion, MIMEType: "text/x-go", FileExtension: ".go",
			PygmentsLexer: "go", CodeMirrorMode: "go",
		},
		Banner: fmt.Sprintf("gofive %s: Go %s with HDF5", k.version, goVersion),
		HelpLinks: []msg.HelpLink{
			{Text: "The Go language", URL: "https://go.dev/ref/spec"},
			{Text: "Go packages", URL: "https://pkg.go.dev/std"},
			{Text: "HDF5", URL: "https://docs.hdfgroup.org/hdf5/latest/"},
			{Text: "Gonum", URL: "https://www.gonum.org"},
		},
		SupportedFeatures: []string{"kernel subshells"},
	}, nil
}

// connect answers connect_request.
func (k *Kernel) connect(*request) (any, error) {
	return msg.ConnectReply{
		Status: msg.StatusOK, Shell: k.conn.ShellPort, IOPub: k.conn.IOPubPort,
		Stdin: k.conn.StdinPort, Control: k.conn.ControlPort, HB: k.conn.HBPort,
	}, nil
}
