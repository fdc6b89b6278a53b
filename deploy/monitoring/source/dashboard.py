"""The dashboard: its rows, and what of the server's metrics it leaves out."""

from __future__ import annotations

from call_panels import CALL_ROWS
from dashboard_panel import Row
from process_panels import PROCESS_ROWS
from server_panels import SERVER_ROWS

TITLE = "Rectifier"
ROWS: tuple[Row, ...] = (*CALL_ROWS, *SERVER_ROWS, *PROCESS_ROWS)

# Metrics that no panel shows, and why.
LEFT_OUT = {
    "process_virtual_memory_bytes": "it counts addresses, which cost nothing",
}
