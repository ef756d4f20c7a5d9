# One static binary in an image without a shell. Build it with
#   docker build -t footnote .
# and start it with a token:
#   docker run --rm -e FOOTNOTE_TELEGRAM_TOKEN -v footnote-state:/state footnote
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /footnote ./cmd/footnote \
 && mkdir /state

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /footnote /footnote
# What of Footnote must outlive a restart lives here.
COPY --from=build --chown=nonroot:nonroot /state /state
ENV FOOTNOTE_STATE=/state
VOLUME /state
HEALTHCHECK --start-period=30s CMD ["/footnote", "healthcheck"]
ENTRYPOINT ["/footnote"]
CMD ["serve"]
