// Package signing signs the calls to the gateway and checks them (docs/architecture.md 6).
// Both ends share one secret.
package signing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a signed call.
const (
	HeaderInstallation = "X-Metalease-Installation"
	HeaderTimestamp    = "X-Metalease-Timestamp"
	HeaderSignature    = "X-Metalease-Signature"
	// HeaderSystem is the System URL of the WHMCS that calls; absent or empty from a caller that is none.
	HeaderSystem = "X-Metalease-System"

	// HeaderKey names the shop whose secret signs the call; absent: the installation's own signs it.
	HeaderKey = "X-Metalease-Key"

	version = "v1="
)

// Tolerance is how far the clocks of both ends may be apart.
const Tolerance = 5 * time.Minute

// What Verify refuses. The first three are 401, the last is 403: a cloned WHMCS
// must not reach production.
var (
	ErrUnsigned          = errors.New("the call is not signed")
	ErrStale             = errors.New("the call's time is more than 5 minutes off: check both clocks")
	ErrWrongSignature    = errors.New("the signature is wrong: check the shared secret on both ends")
	ErrWrongInstallation = errors.New("the call is for another installation")
)

// Sign sets the three headers that every call needs. The body is what will be sent, byte by byte. HeaderSystem, where the caller
// has set it before, is signed as well.
func Sign(req *http.Request, body []byte, installation, secret string, now time.Time) {
	timestamp := strconv.FormatInt(now.Unix(), 10)
	req.Header.Set(HeaderInstallation, installation)
	req.Header.Set(HeaderTimestamp, timestamp)
	req.Header.Set(HeaderSignature, version+hex.EncodeToString(sum(req, body, installation, timestamp, secret)))
}

// Verify checks the headers against the body as it was received. The signature
// is checked before anything that it covers is believed.
func Verify(req *http.Request, body []byte, installation, secret string, now time.Time) error {
	claimed, timestamp := req.Header.Get(HeaderInstallation), req.Header.Get(HeaderTimestamp)
	text, versioned := strings.CutPrefix(req.Header.Get(HeaderSignature), version)
	if claimed == "" || timestamp == "" || !versioned {
		return ErrUnsigned
	}
	signature, err := hex.DecodeString(text)
	// Everybody knows the empty secret.
	if secret == "" || err != nil || !hmac.Equal(signature, sum(req, body, claimed, timestamp, secret)) {
		return ErrWrongSignature
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > Tolerance {
		return ErrStale
	}
	if claimed != installation {
		return fmt.Errorf("%w: this gateway serves %q, the call says %q", ErrWrongInstallation, installation, claimed)
	}
	return nil
}

// Signed is what names a call that Verify let in: its signature in small hex digits, and the time that was signed, in whole
// seconds. Both come again with a copy of the call.
func Signed(req *http.Request) (signature string, at time.Time) {
	seconds, _ := strconv.ParseInt(req.Header.Get(HeaderTimestamp), 10, 64) // Verify has read it
	text, _ := strings.CutPrefix(req.Header.Get(HeaderSignature), version)
	return strings.ToLower(text), time.Unix(seconds, 0).UTC()
}

func sum(req *http.Request, body []byte, installation, timestamp, secret string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "%s\n", installation) // a hash takes everything
	if system := req.Header.Get(HeaderSystem); system != "" {
		_, _ = fmt.Fprintf(mac, "%s\n", system)
	}
	_, _ = fmt.Fprintf(mac, "%s\n%s\n%s\n", timestamp, req.Method, req.URL.RequestURI())
	_, _ = mac.Write(body)
	return mac.Sum(nil)
}
