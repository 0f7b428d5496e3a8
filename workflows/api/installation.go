package api

// What a namespace remembers of its WHMCS: two workflows of one type, their ids, and the key of the memo of each.
const (
	// TypeInstallation is the workflow type. Two of them run for ever, and each is begun once: who is first decides. Both say in
	// their memo what they stand for, so that it is known while no worker runs.
	TypeInstallation = "Installation"
	// InstallationWorkflowID keeps the name of the installation to which the namespace belongs.
	InstallationWorkflowID = "installation"
	MemoInstallation       = "installation"
	// SystemWorkflowID keeps the System URL of the WHMCS whose calls are served.
	SystemWorkflowID = "installation-system"
	MemoSystem       = "system_url"
)

// InstallationStart is the argument of TypeInstallation: one of the two is set.
type InstallationStart struct {
	Installation string `json:"installation,omitempty"`
	SystemURL    string `json:"system_url,omitempty"`
}
