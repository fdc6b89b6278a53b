// What shared buffers report of themselves.
#ifndef RECTIFIER_SERVER_TELEMETRY_BUFFER_GAUGES_H_
#define RECTIFIER_SERVER_TELEMETRY_BUFFER_GAUGES_H_

#include "prometheus/gauge.h"

namespace rectifier {

// The shared buffers whose memory is there.
struct BufferGauges {
  prometheus::Gauge* buffers = nullptr;
  prometheus::Gauge* bytes = nullptr;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_BUFFER_GAUGES_H_
