"""Which series are the server's, for rules and panels."""

# What `up` is looked for by. All other series are known by names and labels of their own.
JOB = "rectifier"
SERVICE = 'grpc_service="rectifier.v1.ActivationService"'

# Codes of calls that a caller who did nothing wrong gets.
FAILURES = "DeadlineExceeded|Internal|ResourceExhausted|Unavailable"
FAILED = f'{SERVICE},grpc_code=~"{FAILURES}"'

# The objectives: so many of all calls do not fail, and so many Evaluates are over in so many
# seconds, which must be a bound of the histogram's buckets.
AVAILABLE = 0.999
IN_TIME = 0.99
SECONDS = "0.25"
