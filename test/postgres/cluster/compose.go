package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/goccy/go-yaml"
)

// Compose is what is taken from docker-compose.yml.
type Compose struct {
	Services map[string]struct {
		Image       string            `yaml:"image"`
		Command     []string          `yaml:"command"`
		Environment map[string]string `yaml:"environment"`
	} `yaml:"services"`
}

// ReadCompose reads it in the folder of the module.
func ReadCompose(root string) (Compose, error) {
	var c Compose
	text, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	if err != nil {
		return c, err
	}
	return c, yaml.Unmarshal(text, &c)
}

var substitution = regexp.MustCompile(`\$\{[A-Z_]+(?::-([^}]*)|[^}]*)\}`)

// environment is that of a service, with the defaults of its substitutions, and with home as its home directory. More comes last and
// wins: what only containers have, such as addresses and ports, must be replaced by it.
func (c Compose) environment(service, home string, more ...string) ([]string, error) {
	if len(c.Services[service].Environment) == 0 {
		return nil, fmt.Errorf("docker-compose.yml has no environment for %s", service)
	}
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}
	for name, value := range c.Services[service].Environment {
		env = append(env, name+"="+substitution.ReplaceAllString(value, "$1"))
	}
	return append(env, more...), nil
}
