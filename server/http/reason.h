// The words beside the numbers of HTTP's statuses.
#ifndef RECTIFIER_SERVER_HTTP_REASON_H_
#define RECTIFIER_SERVER_HTTP_REASON_H_

namespace rectifier::http {

const char* ReasonOf(int status);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_REASON_H_
