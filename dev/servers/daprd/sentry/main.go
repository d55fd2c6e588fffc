// Dapr's own certificate authority, by the flags of its image, without the pages for health and metrics: those would listen
// to every network that this machine is in.
package main

import (
	"os"
	"path/filepath"

	"github.com/dapr/dapr/cmd/sentry/options"
	"github.com/dapr/dapr/pkg/healthz"
	"github.com/dapr/dapr/pkg/modes"
	"github.com/dapr/dapr/pkg/sentry"
	"github.com/dapr/dapr/pkg/sentry/config"
	"github.com/dapr/kit/logger"
	"github.com/dapr/kit/signals"
)

var log = logger.NewLogger("dapr.sentry")

func main() {
	opts := options.New(os.Args[1:])
	if err := logger.ApplyOptionsToLoggers(&opts.Logger); err != nil {
		log.Fatal(err)
	}
	cfg, err := config.FromConfigName(opts.ConfigName, string(modes.StandaloneMode))
	if err != nil {
		log.Fatal(err)
	}
	file := func(name string) string {
		if filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(opts.IssuerCredentialsPath, name)
	}
	cfg.RootCertPath = file(opts.X509.RootCAFilename)
	cfg.IssuerCertPath = file(opts.X509.IssuerCertFilename)
	cfg.IssuerKeyPath = file(opts.X509.IssuerKeyFilename)
	cfg.TrustDomain = opts.TrustDomain
	cfg.ListenAddress = opts.ListenAddress
	cfg.Port = opts.Port

	ctx := signals.Context()
	authority, err := sentry.New(ctx, sentry.Options{Config: cfg, Healthz: healthz.New()})
	if err != nil {
		log.Fatal(err)
	}
	if err := authority.Start(ctx); err != nil {
		log.Fatal(err)
	}
}
