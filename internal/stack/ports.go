package stack

import (
	"fmt"
	"net"
)

// Port returns the preferred port of 127.0.0.1 if it is free, else another one,
// and whether it is the preferred one. Zero prefers none.
func Port(preferred int) (port int, wished bool, err error) {
	if preferred != 0 {
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", preferred)); err == nil {
			_ = l.Close()
			return preferred, true, nil
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, false, fmt.Errorf("no free port on 127.0.0.1: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, false, nil
}
