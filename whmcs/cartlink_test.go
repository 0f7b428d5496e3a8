package whmcs_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
)

func TestACartLinkRefusesWhatWouldBeIgnored(t *testing.T) {
	s := newShop(t)
	offers, err := s.Offers(t.Context(), 1)
	require.NoError(t, err)
	chosen, faults := offers[0].Choose(map[string]string{"IP": "2", "os": "ISPsystem__Debian-12-x86_64"})
	require.Empty(t, faults)
	public := clientOf(t, s.url, func(c *whmcs.Config) { c.PublicURL = "https://billing.example.com/clients/" })
	link := whmcs.CartLink{ProductID: 1, Cycle: whmcs.CycleAnnually, Options: chosen, Currency: 2, PromoCode: " A&B "}
	address, err := public.CartURL(link, offers[0], "EUR")
	require.NoError(t, err)
	read, err := url.Parse(address)
	require.NoError(t, err)
	require.Equal(t, "https://billing.example.com/clients/cart.php", read.Scheme+"://"+read.Host+read.Path)
	require.Equal(t, url.Values{"a": {"add"}, "pid": {"1"}, "billingcycle": {"annually"}, "currency": {"2"}, "promocode": {"A&B"},
		"configoption[101]": {"2"}, "configoption[103]": {"1031"}}, read.Query())

	for _, spoil := range []func(*whmcs.CartLink){
		func(l *whmcs.CartLink) { l.Cycle = whmcs.CycleQuarterly }, func(l *whmcs.CartLink) { l.Cycle = "" },
		func(l *whmcs.CartLink) { l.ProductID = 2 }, func(l *whmcs.CartLink) { l.Options = map[int]int{999: 1} },
	} {
		bad := link
		spoil(&bad)
		_, err := public.CartURL(bad, offers[0], "EUR")
		require.ErrorIs(t, err, whmcs.ErrRefused)
	}
	_, err = public.CartURL(link, offers[0], "GBP")
	require.ErrorIs(t, err, whmcs.ErrRefused)
}

// The password of a new client is in the request and nowhere else.
func TestAClientsPasswordIsInNoError(t *testing.T) {
	passwords := map[string]bool{}
	client := clientOf(t, serverURL(t, echo(func(form url.Values) string {
		passwords[form.Get("password2")] = true
		return `{"result":"error","message":"the password ` + form.Get("password2") + ` is weak"}`
	})))
	for range 3 {
		_, err := client.AddClient(t.Context(), ada("ada@example.com"), true)
		require.EqualError(t, err, "WHMCS, AddClient: the password [secret] is weak")
	}
	require.Len(t, passwords, 3, "another one each time")
}

func TestEveryFaultOfAChoiceIsTold(t *testing.T) {
	s := newShop(t)
	offers, err := s.Offers(t.Context(), 1)
	require.NoError(t, err)
	offer := offers[0]
	offer.Options = append(offer.Options, whmcs.Option{ID: 9, Name: "Backup", Kind: whmcs.OptionYesNo}, whmcs.Option{ID: 10, Name: "twin|A"}, whmcs.Option{ID: 11, Name: "twin|B"},
		whmcs.Option{ID: 12, Name: "Disks", Kind: whmcs.OptionQuantity, Min: 2})
	chosen, faults := offer.Choose(map[string]string{"Backup": "Yes", "Disks": "3"})
	require.Empty(t, faults)
	require.Equal(t, map[int]int{9: 1, 12: 3}, chosen)
	_, faults = offer.Choose(map[string]string{"Backup": "maybe", "Disks": "1", "IP": "-1", "IPv6": "many", "os": "BeOS", "twin": "x", "colour": "red",
		"recipe": "none", "Recipe": "none"})
	var names []string
	for _, f := range faults {
		require.NotEmpty(t, f.Reason)
		names = append(names, f.Option)
	}
	require.Equal(t, []string{"Backup", "Disks", "IP", "IPv6", "colour", "os", "recipe", "twin"}, names)
}
