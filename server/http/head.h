// From the head of a request as Boost.Beast has parsed it to ours, and what Beast lets pass that
// two servers could read in two ways (request smuggling).
#ifndef RECTIFIER_SERVER_HTTP_HEAD_H_
#define RECTIFIER_SERVER_HTTP_HEAD_H_

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <optional>

#include "absl/strings/string_view.h"
#include "server/http/message.h"

namespace rectifier::http {

Head HeadOf(const boost::beast::http::request_header<>& header);

// Whether a line of the raw head goes on in the next one, which Beast puts together and others do
// not.
bool HasFoldedLines(absl::string_view head);

// The response to a head after which nobody can say where the body ends, for whom it is, or whether
// it comes at all. The connection is to be closed after it.
std::optional<Response> RefuseAmbiguous(const Head& head,
                                        const boost::beast::http::request_header<>& header);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_HEAD_H_
