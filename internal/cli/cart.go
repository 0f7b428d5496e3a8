package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/server"
	"metalease/internal/storefront"
	"metalease/workflows/api/shop"
)

const cartText = `Shows a cart that a shop has handed over: its state, what is wrong with it, the order and the invoice in WHMCS, its servers, and the events that the shop did not take.

The id stands in the answer of POST /v1/carts and, behind "cart-", in Temporal.`

// cartCommand shows a cart.
func (c *commandLine) cartCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "cart CART [--json]", Short: "Show a cart of a shop", Long: cartText, Example: "starter cart mzxw6ytboi4dsmjqgezdg",
		Args: oneArgument("one cart id"), ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.jsonFlag(cmd, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.withoutConfiguration(cmd.Context(), func(ctx context.Context, ctl *control.Control) error {
			cart, err := ctl.Cart(ctx, "", cartID(args[0]), 0)
			if err != nil {
				return fmt.Errorf("cart %s: %w", args[0], err)
			}
			if c.asJSON {
				return c.print(cart)
			}
			return c.showCart(cart)
		})
	}
	return cmd
}

// cartID takes the id as people find it: alone, or as the workflow's.
func cartID(text string) string { return strings.TrimPrefix(text, shop.WorkflowID("")) }

func (c *commandLine) showCart(cart shop.Cart) error {
	rows := [][]string{{"CART", cart.ID}, {"SHOP", cart.Shop}, {"REFERENCE", cmp.Or(cart.Reference, none)}, {"STATE", string(cart.State)}}
	for _, p := range cart.Problems {
		rows = append(rows, []string{"PROBLEM", strings.TrimSpace(p.Field + " " + p.Reason)})
	}
	if cart.OrderID > 0 {
		rows = append(rows, []string{"CLIENT", fmt.Sprint(cart.ClientID)}, []string{"ORDER", fmt.Sprint(cart.OrderID)},
			[]string{"INVOICE", fmt.Sprintf("%d, %s %s", cart.InvoiceID, cart.Total, cart.Currency)})
	}
	if cart.HoldExpiresAt != nil {
		rows = append(rows, []string{"STOCK HELD UNTIL", utcOr(cart.HoldExpiresAt, none)})
	}
	for _, s := range cart.Services {
		rows = append(rows, []string{"SERVICE", strings.TrimSpace(fmt.Sprintf("%d %s %s %s", s.ServiceID, cmp.Or(string(s.Phase), "not begun"), s.Step, s.IP))})
	}
	for _, e := range cart.Undelivered {
		rows = append(rows, []string{"NOT TAKEN", fmt.Sprintf("%s %s: %s", e.ID, e.Type, e.Why)})
	}
	if err := c.table(rows); err != nil || len(cart.Undelivered) == 0 {
		return err
	}
	return c.say("send them again: starter webhooks replay %s", cart.ID)
}

// webhooksCommand sends shops what they did not take.
func (c *commandLine) webhooksCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "webhooks replay CART [EVENT]", Short: "Send a shop again what it did not take",
		Long:    "An event that a shop does not take is tried for three days and then kept with its cart.",
		Example: "starter webhooks replay mzxw6ytboi4dsmjqgezdg", Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrongUsage("webhooks takes replay and a cart id")
			}
			return unknownCommand(cmd, args[0])
		},
	}
	replay := &cobra.Command{
		Use: "replay CART [EVENT]", Short: "Send the kept events of a cart again, or one of them",
		Long:    "The events keep their ids, so a shop that has seen one does nothing. `starter cart CART` lists them.",
		Example: "starter webhooks replay mzxw6ytboi4dsmjqgezdg\nstarter webhooks replay mzxw6ytboi4dsmjqgezdg evt_mzxw6ytboi4dsmjqgezdg_3",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return wrongUsage("webhooks replay takes one cart id, and the id of one event or none")
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withoutConfiguration(cmd.Context(), func(ctx context.Context, ctl *control.Control) error {
				event := ""
				if len(args) == 2 {
					event = args[1]
				}
				count, err := ctl.ReplayEvents(ctx, cartID(args[0]), event)
				switch {
				case errors.Is(err, control.ErrCartEnded):
					return fmt.Errorf("cart %s has ended, and its events with it: nothing can be sent any more", args[0])
				case err != nil:
					return fmt.Errorf("cart %s: %w", args[0], err)
				case count == 0 && event != "":
					return fmt.Errorf("event %s of cart %s: %w", event, args[0], errNotFound)
				case count == 0:
					return c.say("cart %s has nothing that the shop did not take", args[0])
				}
				return c.say("%d on the way; starter cart %s shows what is not taken again", count, cartID(args[0]))
			})
		},
	}
	cmd.AddCommand(replay)
	return cmd
}

const cartLinkText = `Prints the address that puts a product into a visitor's cart in WHMCS. What WHMCS would ignore without a word, such as a cycle that is not offered, is refused. WHMCS computes the price, and no stock is held: a shop with a backend hands its carts to the gateway instead.

It asks WHMCS, and needs the parts whmcs, products and gateway of the configuration.`

// cartLinkCommand makes a link into WHMCS's cart.
func (c *commandLine) cartLinkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "cart-link PRODUCT [flags]", Short: "Make a link that puts a product into a cart in WHMCS", Long: cartLinkText,
		Example: "starter cart-link e3-64g --cycle monthly --os ISPsystem__Debian-12-x86_64",
		Args:    oneArgument("one product, by its id in WHMCS or its SKU"), ValidArgsFunction: cobra.NoFileCompletions,
	}
	var w storefront.Wish
	cmd.Flags().StringVar(&w.Cycle, "cycle", "", "the billing `CYCLE`; needed when there are several")
	cmd.Flags().StringVar(&w.Currency, "currency", "", "a currency `CODE`; default: WHMCS's own")
	cmd.Flags().StringVar(&w.OSTemplate, "os", "", "the OS `TEMPLATE` to be chosen")
	cmd.Flags().StringVar(&w.PromoCode, "promo", "", "a promotion `CODE`")
	cmd.Flags().StringToStringVar(&w.Options, "option", nil, "a further configurable option, as `NAME=CHOICE`; may be repeated")
	c.configFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := config.Load(c.configFile, config.ForGateway)
		if err != nil {
			return err
		}
		store, err := server.Storefront(cfg, nil)
		if err != nil {
			return err
		}
		w.Product = args[0]
		address, err := store.Link(cmd.Context(), w)
		if err != nil {
			return fmt.Errorf("product %s: %w", args[0], err)
		}
		return c.say("%s", address)
	}
	return cmd
}

// withoutConfiguration connects a command that needs Temporal alone.
func (c *commandLine) withoutConfiguration(ctx context.Context, do func(context.Context, *control.Control) error) error {
	ctl, done, err := c.openPlain(ctx)
	if err != nil {
		return err
	}
	defer done()
	return do(ctx, ctl)
}
