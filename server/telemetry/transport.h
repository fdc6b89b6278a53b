// Ways by which bytes come and go, as metrics tell them apart.
#ifndef RECTIFIER_SERVER_TELEMETRY_TRANSPORT_H_
#define RECTIFIER_SERVER_TELEMETRY_TRANSPORT_H_

#include <cstddef>

namespace rectifier {

enum class Transport { kTcp, kUnix, kBuffer, kHttp };

inline constexpr size_t kTransports = 4;
inline constexpr const char* kTransportNames[kTransports] = {"tcp", "unix", "buffer", "http"};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_TRANSPORT_H_
