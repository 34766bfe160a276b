package main

import (
	"context"
	"errors"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
	"github.com/afidt-lsp/afidt-lsp/server"
)

func lspCommand() *cobra.Command {
	var stdio bool
	var level string
	c := &cobra.Command{
		Use:   "lsp",
		Short: "Serve an editor over standard input and output (Language Server Protocol)",
		Args:  arguments(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			log, err := newLog(level)
			if err != nil {
				return err
			}
			return serve(c.Context(), log)
		},
	}
	c.Flags().BoolVar(&stdio, "stdio", true, "accepted because editors pass it; there is no other way")
	c.Flags().StringVar(&level, "log", "warn", "what is logged on standard error: debug, info, warn or error")
	return c
}

func newLog(level string) (*zap.Logger, error) {
	at, err := zapcore.ParseLevel(level)
	if err != nil {
		return nil, errors.New("--log " + level + ": give debug, info, warn or error")
	}
	encoder := zap.NewDevelopmentEncoderConfig()
	return zap.New(zapcore.NewCore(zapcore.NewConsoleEncoder(encoder), zapcore.Lock(os.Stderr), at)), nil
}

func serve(ctx context.Context, log *zap.Logger) error {
	if ctx == nil {
		ctx = context.Background()
	}
	debug.SetGCPercent(25) // a server lives long beside others: memory counts more than the last bit of speed
	// Whatever prints by mistake must not end up between messages.
	out := os.Stdout
	os.Stdout = os.Stderr
	code := server.Serve(ctx, stdio{os.Stdin, out}, server.Options{
		Version: version(), Log: log, Analysis: analysis.Options{Threads: max(1, runtime.NumCPU()-1), Fixes: quickfix.IDs()},
	})
	if code != 0 {
		return exitError(code)
	}
	return nil
}

// stdio is standard input and output as one connection.
type stdio struct{ in, out *os.File }

func (s stdio) Read(p []byte) (int, error)  { return s.in.Read(p) }
func (s stdio) Write(p []byte) (int, error) { return s.out.Write(p) }
func (s stdio) Close() error                { return errors.Join(s.in.Close(), s.out.Close()) }
