// Waits for what a server does on its own, by the metric that tells of it.
#ifndef RECTIFIER_TESTS_INTEGRATION_WAIT_FOR_SERIES_H_
#define RECTIFIER_TESTS_INTEGRATION_WAIT_FOR_SERIES_H_

#include <string>

#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {

// Waits until `series` of /metrics is `value` or more; false where a minute passes.
bool WaitForSeries(const RectifierdProcess& server, const std::string& series, double value);

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_INTEGRATION_WAIT_FOR_SERIES_H_
