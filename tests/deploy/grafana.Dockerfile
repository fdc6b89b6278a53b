# Stands in for grafana/grafana where no registry can be reached: the same user, and no Grafana. What
# the test can show with it is that Compose starts it in its turn, and puts the files where it looks.
FROM debian:bookworm-slim
USER 472
CMD ["sleep", "infinity"]
