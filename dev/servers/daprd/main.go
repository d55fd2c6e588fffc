// Dapr's own sidecar with one more part: the SQLite name resolution, which the `stablecomponents` build leaves out. With
// it the sidecars of one Cabinet find each other through a file of their own; with multicast DNS, the default, two
// Cabinets on one machine or one network would answer for each other.
package main

import (
	"github.com/dapr/components-contrib/nameresolution/sqlite"
	"github.com/dapr/dapr/cmd/daprd/app"
	"github.com/dapr/dapr/pkg/components/nameresolution"
)

func init() {
	nameresolution.DefaultRegistry.RegisterComponent(sqlite.NewResolver, "sqlite")
}

func main() {
	app.Run()
}
