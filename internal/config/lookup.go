package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// longestSecret bounds a file that holds one secret, in bytes.
const longestSecret = 64 << 10

// lookUp is the value of ${NAME}: the environment variable NAME, else the text of the file that NAME_FILE
// names (as with Docker secrets), else that of the systemd credential NAME (LoadCredential=NAME:...). Of a
// file the line end at its end does not count. Errors: none of them is there; a file that cannot be read.
func lookUp(name string) (string, error) {
	if value, set := os.LookupEnv(name); set {
		return value, nil
	}
	if path, set := os.LookupEnv(name + "_FILE"); set {
		return secretFile(path, "the file that "+name+"_FILE names")
	}
	if folder, set := os.LookupEnv("CREDENTIALS_DIRECTORY"); set {
		value, err := secretFile(filepath.Join(folder, name), "the credential "+name)
		if !errors.Is(err, os.ErrNotExist) {
			return value, err
		}
	}
	return "", fmt.Errorf("the environment variable %s is not set", name)
}

func secretFile(path, what string) (string, error) {
	text, err := os.ReadFile(path)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s cannot be read: %w", what, err)
	case len(text) > longestSecret:
		return "", fmt.Errorf("%s has more than %d bytes: it is no secret", what, longestSecret)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}
