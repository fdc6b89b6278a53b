// A request, from when it is decoded to when its results have been computed.
#ifndef RECTIFIER_SERVER_EVALUATE_PREPARED_REQUEST_H_
#define RECTIFIER_SERVER_EVALUATE_PREPARED_REQUEST_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "core/engine.h"
#include "server/evaluate/destinations.h"
#include "server/wire/reply.h"
#include "server/wire/request.h"
#include "server/wire/short_message.h"

namespace rectifier {

struct PreparedRequest {
  // What the rest are views into, where the request is short; or else into the call's message.
  std::optional<ShortMessage> message;
  DecodedRequest request;
  int64_t bytes = 0;  // of request and jobs, at most
  std::vector<Job> jobs;
  OutputDestinations destinations;
  Reply reply;
  bool is_laid_out = false;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_PREPARED_REQUEST_H_
