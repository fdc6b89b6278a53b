// What a decoded request costs beside its payloads, by what it counts.
#ifndef RECTIFIER_SERVER_EVALUATE_REQUEST_COST_H_
#define RECTIFIER_SERVER_EVALUATE_REQUEST_COST_H_

#include <cstddef>
#include <cstdint>

#include "server/wire/request.h"

namespace rectifier {

// What a call takes of the engine, in elements, as far as that can be known before it is bound; and
// before it is decoded, by the bytes of its message.
int64_t ComputeWork(const DecodedRequest& request);
int64_t ComputeWork(size_t message_bytes);

// The time that Bind takes, in elements that it looks at.
int64_t BindWork(const DecodedRequest& request);

// The memory that the request and its jobs take until the call is answered, in bytes, at most.
int64_t PreparedBytes(const DecodedRequest& request);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_REQUEST_COST_H_
