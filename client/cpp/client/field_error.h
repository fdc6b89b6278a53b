// Errors that the client finds itself, in the form that the server's have.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_FIELD_ERROR_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_FIELD_ERROR_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rectifier::client {

// INVALID_ARGUMENT with a violation of `field`, and with `reason`.
absl::Status FieldError(const std::string& field, const std::string& description,
                        absl::string_view reason);

// The same error, in which `rename` has each field's path, and the message names the new one.
absl::Status RenameFields(const absl::Status& status,
                          const std::function<std::string(const std::string&)>& rename);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_FIELD_ERROR_H_
