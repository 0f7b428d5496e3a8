// Package codec encrypts what Temporal keeps: every payload (inputs, results, memos, details) and the texts of failures. Search
// attributes, ids and names of types stay plain, for Temporal searches by them. It works at the one place where a program speaks to
// Temporal, between the SDK and the wire, so nothing else knows of it.
package codec

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"metalease/internal/config"
)

// Encoding is what the metadata of an encrypted payload says.
const Encoding = "binary/encrypted"

// metadataKey is where the id of the key stands.
const metadataKey = "encryption-key-id"

// Codec encrypts with one of its keys and decrypts with all of them. Without keys it encrypts nothing, and an encrypted
// payload is an error all the same: a workflow must not be given what nobody can read.
type Codec struct {
	with string // the id of the key that encrypts
	by   map[string]cipher.AEAD
}

var _ converter.PayloadCodec = (*Codec)(nil)

// New makes the ciphers. Its errors hold no key.
func New(encryption config.Encryption) (*Codec, error) {
	c := &Codec{with: encryption.Encrypting(), by: map[string]cipher.AEAD{}}
	for _, key := range encryption.Keys {
		raw, err := key.Bytes()
		if err != nil {
			return nil, fmt.Errorf("key %s: %w", key.ID, err)
		}
		block, err := aes.NewCipher(raw)
		if err != nil {
			return nil, err
		}
		if c.by[key.ID], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Encrypts tells whether anything is encrypted.
func (c *Codec) Encrypts() bool { return c.with != "" }

// Encode implements converter.PayloadCodec.
func (c *Codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	if !c.Encrypts() {
		return payloads, nil
	}
	result := make([]*commonpb.Payload, len(payloads))
	for i, plain := range payloads {
		text, err := proto.Marshal(plain)
		if err != nil {
			return nil, err
		}
		aead := c.by[c.with]
		nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(text)+aead.Overhead())
		_, _ = rand.Read(nonce) // it never fails
		result[i] = &commonpb.Payload{
			Metadata: map[string][]byte{converter.MetadataEncoding: []byte(Encoding), metadataKey: []byte(c.with)},
			Data:     aead.Seal(nonce, nonce, text, []byte(c.with)),
		}
	}
	return result, nil
}

// Decode implements converter.PayloadCodec. What is not encrypted stays as it is: people and their tools send plain JSON.
func (c *Codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	result := make([]*commonpb.Payload, len(payloads))
	for i, payload := range payloads {
		result[i] = payload
		if string(payload.GetMetadata()[converter.MetadataEncoding]) != Encoding {
			continue
		}
		plain, err := c.open(payload)
		if err != nil {
			return nil, err
		}
		result[i] = plain
	}
	return result, nil
}

func (c *Codec) open(payload *commonpb.Payload) (*commonpb.Payload, error) {
	id := string(payload.GetMetadata()[metadataKey])
	aead, data := c.by[id], payload.GetData()
	if aead == nil {
		return nil, fmt.Errorf("what Temporal keeps is encrypted with the key %q, which temporal.encryption of this configuration does not have", id)
	}
	if len(data) < aead.NonceSize() {
		return nil, fmt.Errorf("a payload that says it is encrypted with the key %q is cut off", id)
	}
	text, err := aead.Open(nil, data[:aead.NonceSize()], data[aead.NonceSize():], []byte(id))
	if err != nil {
		return nil, fmt.Errorf("a payload that says it is encrypted with the key %q is not: another key has that id, or it was changed", id)
	}
	plain := &commonpb.Payload{}
	return plain, proto.Unmarshal(text, plain)
}

// DialOptions are what a connection to Temporal needs to encrypt and decrypt. The texts of failures are payloads on the way, too.
func (c *Codec) DialOptions() ([]grpc.DialOption, error) {
	payloads, err := converter.NewPayloadCodecGRPCClientInterceptor(converter.PayloadCodecGRPCClientInterceptorOptions{Codecs: []converter.PayloadCodec{wire{c}}})
	if err != nil {
		return nil, err
	}
	if !c.Encrypts() {
		return []grpc.DialOption{grpc.WithChainUnaryInterceptor(payloads, c.forgetLastRun)}, nil
	}
	failures, err := converter.NewFailureGRPCClientInterceptor(converter.NewFailureGRPCClientInterceptorOptions{EncodeCommonAttributes: true})
	if err != nil {
		return nil, err
	}
	return []grpc.DialOption{grpc.WithChainUnaryInterceptor(failures, payloads, c.forgetLastRun)}, nil
}

// wire is a codec whose errors the SDK neither repeats nor hides behind a time limit. A worker goes on asking, and does nothing
// meanwhile.
type wire struct{ *Codec }

// Decode implements converter.PayloadCodec.
func (w wire) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	plain, err := w.Codec.Decode(payloads)
	if err != nil {
		return nil, status.Error(codes.FailedPrecondition, err.Error())
	}
	return plain, nil
}
