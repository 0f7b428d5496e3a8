# One image for the worker, the gateway (starter serve), the command line and both simulators.
FROM golang:1.26.8-alpine3.22 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The context has no .git: without --build-arg VERSION="$(tools/version.sh)" the image names the newest release of CHANGELOG.md.
ARG VERSION=
RUN version=${VERSION:-$(tools/version.sh)} && CGO_ENABLED=0 go build -trimpath -buildvcs=false \
    -ldflags "-s -w -X metalease/internal/version.number=$version" -o /out/ ./worker ./starter ./cmd/dcimsim ./cmd/whmcssim

# A base with a shell and wget, for health checks and for looking around.
FROM alpine:3.22.1@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
# /var/log/metalease is for the audit file, /var/lib/metalease and /certs are for the simulators; a volume mounted there takes over the owner.
RUN adduser -D -H -u 10001 metalease && install -d -o metalease -g metalease /var/log/metalease /var/lib/metalease /certs /etc/metalease
COPY --from=build /out/ /usr/local/bin/
# For containers without a limit of their own; docker-compose.yml sets both.
ENV GOMEMLIMIT=800MiB
USER 10001:10001
EXPOSE 8080
CMD ["starter", "--help"]
