// Who calls, and whether they may.
#ifndef RECTIFIER_SERVER_SECURITY_ACCESS_H_
#define RECTIFIER_SERVER_SECURITY_ACCESS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/server_context.h"
#include "server/security/audit.h"
#include "server/security/caller.h"
#include "server/security/file_watch.h"
#include "server/security/token_file.h"

namespace rectifier {

// What a call must have.
struct AccessRules {
  std::vector<std::string> allowed_names;  // of client certificates over TLS; empty: any
  std::string tokens_file;                 // empty: no token is needed
  bool unix_needs_token = true;
};

// Thread-safe.
class Access {
 public:
  // `audit` outlives this object. Errors: those of ReadTokenFile.
  static absl::StatusOr<std::unique_ptr<Access>> Start(const AccessRules& rules, Audit& audit);

  // Who makes a call of `method`, known by its token, or else by its certificate where names are
  // listed, or else anonymous. This is cheap, and asked before anything of the call is read.
  // Errors: UNAUTHENTICATED or PERMISSION_DENIED, of which a line has been written.
  absl::StatusOr<const Caller*> Identify(const grpc::ServerContextBase& context,
                                         absl::string_view method) const;

  // Whether some caller may be turned away.
  bool is_restricted() const {
    return !rules_.tokens_file.empty() || !rules_.allowed_names.empty();
  }

 private:
  struct Known {
    TokenDigest digest;
    const Caller* caller;
  };

  Access(const AccessRules& rules, Audit& audit);

  absl::Status Adopt(TokenFile file);
  // False where the file cannot be used.
  bool Reload();
  Caller* CallerOf(const std::string& name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<const Caller*> ByCertificate(const grpc::ServerContextBase& context,
                                              absl::string_view method) const;
  absl::StatusOr<const Caller*> ByToken(const grpc::ServerContextBase& context,
                                        absl::string_view method) const;
  const Caller* Find(absl::string_view token) const;
  absl::Status Deny(Denial denial, const grpc::ServerContextBase& context, absl::string_view method,
                    const std::string& message) const;

  const AccessRules rules_;
  Audit& audit_;
  mutable absl::Mutex mutex_;
  std::map<std::string, std::unique_ptr<Caller>> callers_ ABSL_GUARDED_BY(mutex_);  // ever known
  std::vector<Known> tokens_ ABSL_GUARDED_BY(mutex_);
  Caller* anonymous_ = nullptr;
  std::map<std::string, const Caller*, std::less<>> by_certificate_;  // of allowed_names
  TokenFile file_;  // what was adopted last; belongs to the thread of the watch
  std::unique_ptr<FileWatch> watch_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_ACCESS_H_
