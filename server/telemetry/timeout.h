// What a caller took too long for: what calls are given up for, and metrics count.
#ifndef RECTIFIER_SERVER_TELEMETRY_TIMEOUT_H_
#define RECTIFIER_SERVER_TELEMETRY_TIMEOUT_H_

namespace rectifier {

enum class Timeout { kReceive, kIdle, kSend };

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_TIMEOUT_H_
