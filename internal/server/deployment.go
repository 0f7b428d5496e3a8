package server

import (
	"cmp"
	"context"
	"fmt"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"go.uber.org/zap"

	"metalease/internal/config"
	"metalease/internal/version"
)

// deploymentName is what Temporal calls all builds of the workers of a namespace together.
const deploymentName = "metalease"

// buildOf is the name of this build.
func buildOf(cfg config.Worker) string { return cmp.Or(cfg.BuildID, version.String()) }

// deployment has each build take work only once it is made current, where the configuration says so. Every workflow then moves on to
// the current build with its next task: a life lasts for years and seldom continues as new, so a build that kept those that it began
// would have to run for as long. That they can move is what the recorded histories prove of each release.
func deployment(cfg config.Worker) worker.DeploymentOptions {
	if !cfg.Versioning {
		return worker.DeploymentOptions{}
	}
	return worker.DeploymentOptions{
		UseVersioning:             true,
		Version:                   worker.WorkerDeploymentVersion{DeploymentName: deploymentName, BuildID: buildOf(cfg)},
		DefaultVersioningBehavior: workflow.VersioningBehaviorAutoUpgrade,
	}
}

// tellDeployment says in the log whether this build takes work, and what makes it.
func tellDeployment(ctx context.Context, temporal client.Client, cfg config.Worker, logger *zap.Logger) {
	if !cfg.Versioning {
		return
	}
	current := ""
	known, err := temporal.WorkerDeploymentClient().GetHandle(deploymentName).Describe(ctx, client.WorkerDeploymentDescribeOptions{})
	if err == nil && known.Info.RoutingConfig.CurrentVersion != nil { // a deployment that nobody has polled for is not known yet
		current = known.Info.RoutingConfig.CurrentVersion.BuildID
	}
	build := buildOf(cfg)
	if current == build {
		logger.Info("this build is current", zap.String("build_id", build))
		return
	}
	logger.Warn("this build takes no work until it is made current", zap.String("build_id", build), zap.String("current", cmp.Or(current, "none")),
		zap.String("command", fmt.Sprintf("temporal worker deployment set-current-version --deployment-name %s --build-id %s", deploymentName, build)))
}
