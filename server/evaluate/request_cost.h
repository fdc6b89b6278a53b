// What a decoded request costs beside its payloads, by what it counts.
#ifndef RECTIFIER_SERVER_EVALUATE_REQUEST_COST_H_
#define RECTIFIER_SERVER_EVALUATE_REQUEST_COST_H_

#include <cstdint>

#include "server/wire/request.h"

namespace rectifier {

// The time that Bind takes, in elements that it looks at.
int64_t BindWork(const DecodedRequest& request);

// The memory that the request and its jobs take until the call is answered, in bytes, at most.
int64_t PreparedBytes(const DecodedRequest& request);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_REQUEST_COST_H_
