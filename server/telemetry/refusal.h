// Why a call was turned away: what admission decides by, and metrics count.
#ifndef RECTIFIER_SERVER_TELEMETRY_REFUSAL_H_
#define RECTIFIER_SERVER_TELEMETRY_REFUSAL_H_

namespace rectifier {

enum class Refusal { kDraining, kTooManyCalls, kTooManyBytes, kTooManyStreams };

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_REFUSAL_H_
