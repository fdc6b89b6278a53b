# Stands in for envoyproxy/envoy where no registry can be reached: the same binary and entry point.
FROM debian:bookworm-slim
COPY envoy /usr/local/bin/envoy
ENTRYPOINT ["/usr/local/bin/envoy"]
