# One static binary in an image with nothing else. Build it with
#   docker build -t footnote --build-arg VERSION=$(git describe --tags --always) .
# and start it with a token:
#   docker run --rm --read-only --stop-timeout 15 -e FOOTNOTE_TELEGRAM_TOKEN -v footnote-state:/state footnote
# For several architectures at once, without emulation, since Go compiles for others:
#   docker buildx build --platform linux/amd64,linux/arm64 -t footnote --build-arg VERSION=… .
# The one image it is built from can be held to its digest:
#   --build-arg GO_IMAGE=golang:1.26@sha256:$(docker buildx imagetools inspect golang:1.26 --format '{{slice .Manifest.Digest 7}}')
ARG GO_IMAGE=golang:1.26

FROM --platform=$BUILDPLATFORM ${GO_IMAGE} AS build
ARG VERSION=
ARG TARGETOS=linux
ARG TARGETARCH
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download && go mod verify
COPY . .
RUN CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} go build -trimpath -ldflags "-s -w -X main.release=${VERSION}" -o /footnote ./cmd/footnote \
 && mkdir /state

# What the program needs beside itself: certificates, a user, and a folder for what must
# outlive a restart. Its licences go with it.
FROM scratch
ARG VERSION=
LABEL org.opencontainers.image.title="Footnote" \
      org.opencontainers.image.description="A chat bot that answers history questions with citations" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/LICENSE /src/NOTICE /src/cmd/footnote/licences/third-party.txt /licences/
COPY --from=build /footnote /footnote
COPY --from=build --chown=65532:65532 /state /state
USER 65532:65532
ENV FOOTNOTE_STATE=/state
VOLUME /state
HEALTHCHECK --start-period=30s CMD ["/footnote", "healthcheck"]
ENTRYPOINT ["/footnote"]
CMD ["serve"]
