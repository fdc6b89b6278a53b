"""Memory that this process and a server on this machine both see, so that arrays are not sent."""
