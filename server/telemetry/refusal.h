// Why a call was turned away: what admission decides by, and metrics count.
#ifndef RECTIFIER_SERVER_TELEMETRY_REFUSAL_H_
#define RECTIFIER_SERVER_TELEMETRY_REFUSAL_H_

namespace rectifier {

// Too much of what all calls may have together, or of what one connection or name may have; or too
// long a queue.
enum class Refusal {
  kDraining,
  kTooManyCalls,
  kTooManyBytes,
  kTooManyStreams,
  kTooManyCallsOfConnection,
  kTooManyBytesOfConnection,
  kTooManyStreamsOfConnection,
  kQueue,                 // in which the call would wait for too long
  kTooManyCallsOfCaller,  // that the quota of the caller's name allows
  kTooManyBytesOfCaller,
};
inline constexpr int kRefusals = 10;

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_REFUSAL_H_
