package cli

import (
	"net/url"

	"github.com/spf13/cobra"

	"metalease/internal/config"
	"metalease/internal/server"
)

const codecText = `Runs a codec server: it decodes for the Web UI and for the program temporal what temporal.encryption has encrypted. It asks for temporal.encryption.codec_token, and ends with SIGTERM or Ctrl-C.

The program temporal: temporal workflow show --workflow-id service-101 --codec-endpoint http://127.0.0.1:8081 --codec-auth "Bearer TOKEN".

The Web UI: name its address with --origin, open the codec server's own address once in the same browser and give the token as the password of any user; then enter that address in the Web UI as its remote codec endpoint, with "include cross-origin credentials".`

// codecCommand decodes for others.
func (c *commandLine) codecCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "codec [--listen ADDRESS] [--origin URL] [--config FILE]", Short: "Decode for the Web UI and the program temporal what is encrypted", Long: codecText,
		Example: "starter codec --origin http://127.0.0.1:8233", Args: noArgument,
	}
	listen := cmd.Flags().String("listen", "127.0.0.1:8081", "`ADDRESS` to listen on")
	origin := cmd.Flags().String("origin", "", "`URL` of the Web UI whose pages may ask, such as http://127.0.0.1:8233")
	c.configFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if page, err := url.Parse(*origin); *origin != "" && (err != nil || page.Host == "" || page.Path != "" || page.RawQuery != "") {
			return wrongUsage("--origin: %q is not the address of a site like http://127.0.0.1:8233, without a path", *origin)
		}
		cfg, err := config.Load(c.configFile, config.ForCodec)
		if err != nil {
			return err
		}
		return server.Codec(cmd.Context(), cfg, *listen, *origin)
	}
	cmd.AddCommand(c.codecKeysCommand())
	return cmd
}
