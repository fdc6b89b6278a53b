# Stands in for prom/prometheus where no registry can be reached: the same paths, user and defaults.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends prometheus \
 && install --directory --owner=65534 --group=65534 /prometheus
USER 65534
VOLUME /prometheus
ENTRYPOINT ["prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
