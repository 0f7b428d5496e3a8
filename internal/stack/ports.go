package stack

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// Ports below those that the system gives to outgoing connections, so that none
// of these takes a port between our choice and its use.
const (
	firstPort = 20_000
	lastPort  = 32_000
)

// given are the ports that this process has handed out.
var given = struct {
	sync.Mutex
	ports map[int]bool
}{ports: map[int]bool{}}

// Port returns the preferred port of 127.0.0.1 if it is free, else another one,
// and whether it is the preferred one. Zero prefers none.
func Port(preferred int) (port int, wished bool, err error) {
	given.Lock()
	defer given.Unlock()
	if preferred != 0 && take(preferred) {
		return preferred, true, nil
	}
	for range 200 {
		if port := firstPort + rand.IntN(lastPort-firstPort); take(port) {
			return port, false, nil
		}
	}
	return 0, false, errors.New("no free port on 127.0.0.1 from 20000 to 32000")
}

func take(port int) bool {
	if given.ports[port] {
		return false
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return false
	}
	_ = l.Close()
	given.ports[port] = true
	return true
}
