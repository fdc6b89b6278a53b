#include "server/security/access.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "server/security/caller_name.h"
#include "server/status.h"
#include "server/telemetry/origin.h"

namespace rectifier {
namespace {

// So many names may be known from the start of the process to its end, because each is a label of a
// metric for good.
constexpr size_t kMaxNames = 2 * kMaxTokens;

// A certificate may have more names than fit into a status or a log line; so many bytes are shown.
constexpr size_t kMaxShownNames = 256;

constexpr char kAuthorization[] = "authorization";
constexpr absl::string_view kScheme = "Bearer ";

absl::string_view View(const grpc::string_ref& text) { return {text.data(), text.size()}; }

}  // namespace

absl::StatusOr<std::unique_ptr<Access>> Access::Start(const AccessRules& rules, Audit& audit) {
  std::unique_ptr<Access> access(new Access(rules, audit));
  if (rules.tokens_file.empty()) return access;
  absl::StatusOr<TokenFile> file = ReadTokenFile(rules.tokens_file);
  if (!file.ok()) return file.status();
  if (absl::Status status = access->Adopt(*std::move(file)); !status.ok()) return status;
  access->watch_ = std::make_unique<FileWatch>(std::vector<std::string>{rules.tokens_file},
                                               [made = access.get()] { return made->Reload(); });
  return access;
}

Access::Access(const AccessRules& rules, Audit& audit) : rules_(rules), audit_(audit) {
  const absl::MutexLock lock(&mutex_);
  anonymous_ = CallerOf(kAnonymous);
  for (const std::string& name : rules_.allowed_names) by_certificate_[name] = CallerOf(name);
}

Caller* Access::CallerOf(const std::string& name) {
  std::unique_ptr<Caller>& caller = callers_[name];
  if (caller == nullptr) caller = std::make_unique<Caller>(name, audit_.metrics().CallsOf(name));
  return caller.get();
}

// Whoever has a call in progress keeps its Caller, also where the name is gone.
absl::Status Access::Adopt(TokenFile file) {
  const absl::MutexLock lock(&mutex_);
  size_t names = callers_.size();
  for (const auto& [name, quota] : file.quotas) names += callers_.count(name) == 0;
  if (names > kMaxNames) {
    return absl::ResourceExhaustedError(
        absl::StrFormat("%d names were known since the start of the server; at most %d are allowed",
                        names, kMaxNames));
  }
  for (const auto& [name, quota] : file.quotas) CallerOf(name)->set_quota(quota);
  tokens_.clear();
  for (const TokenFile::Token& token : file.tokens) {
    tokens_.push_back({.digest = token.digest, .caller = CallerOf(token.name)});
  }
  file_ = std::move(file);
  return absl::OkStatus();
}

bool Access::Reload() {
  absl::StatusOr<TokenFile> file = ReadTokenFile(rules_.tokens_file);
  if (file.ok() && *file == file_) return true;
  const absl::Status status = file.ok() ? Adopt(*std::move(file)) : file.status();
  if (!status.ok()) {
    audit_.ReloadFailed(Credential::kTokens, status);
    return false;
  }
  audit_.Reloaded(Credential::kTokens, {{"file", rules_.tokens_file},
                                        {"tokens", file_.tokens.size()},
                                        {"names", file_.quotas.size()}});
  return true;
}

absl::StatusOr<const Caller*> Access::Identify(const grpc::ServerContextBase& context,
                                               absl::string_view method) const {
  const Caller* caller = anonymous_;
  if (!rules_.allowed_names.empty()) {
    const absl::StatusOr<const Caller*> named = ByCertificate(context, method);
    if (!named.ok()) return named;
    caller = *named;
  }
  const bool needs_token =
      !rules_.tokens_file.empty() && (rules_.unix_needs_token || !OriginOf(context).is_unix);
  if (needs_token) {
    const absl::StatusOr<const Caller*> named = ByToken(context, method);
    if (!named.ok()) return named;
    caller = *named;
  }
  caller->CountCall();
  return caller;
}

// Unix sockets have no certificates.
absl::StatusOr<const Caller*> Access::ByCertificate(const grpc::ServerContextBase& context,
                                                    absl::string_view method) const {
  const Origin origin = OriginOf(context);
  const std::vector<std::string>& names = origin.certificate_names;
  if (names.empty() && origin.is_unix) return anonymous_;
  for (const std::string& name : names) {
    const auto found = by_certificate_.find(name);
    if (found != by_certificate_.end()) return found->second;
  }
  const std::string shown = names.empty() ? "no name" : absl::StrJoin(names, ", ");
  return Deny(Denial::kCertificateName, context, method,
              absl::StrFormat("the client certificate is for %s, which this server does not allow",
                              shown.substr(0, kMaxShownNames)));
}

absl::StatusOr<const Caller*> Access::ByToken(const grpc::ServerContextBase& context,
                                              absl::string_view method) const {
  const auto& metadata = context.client_metadata();
  const auto [first, last] = metadata.equal_range(kAuthorization);
  if (first == last) {
    return Deny(Denial::kTokenMissing, context, method,
                "this server asks for a token, in the metadata \"authorization: Bearer TOKEN\"");
  }
  absl::string_view value = View(first->second);
  const bool is_bearer = std::next(first) == last && absl::StartsWithIgnoreCase(value, kScheme);
  value.remove_prefix(std::min(value.size(), kScheme.size()));
  const Caller* caller = is_bearer ? Find(absl::StripLeadingAsciiWhitespace(value)) : nullptr;
  if (caller != nullptr) return caller;
  return Deny(Denial::kTokenUnknown, context, method,
              is_bearer ? "the token is none of this server's"
                        : "one metadata \"authorization: Bearer TOKEN\" is expected");
}

// All tokens are looked at, so that the time tells nothing of which one it is.
const Caller* Access::Find(absl::string_view token) const {
  const TokenDigest digest = TokenDigest::Of(token);
  const Caller* found = nullptr;
  const absl::ReaderMutexLock lock(&mutex_);
  for (const Known& known : tokens_) {
    if (known.digest == digest) found = known.caller;
  }
  return found;
}

absl::Status Access::Deny(Denial denial, const grpc::ServerContextBase& context,
                          absl::string_view method, const std::string& message) const {
  audit_.Denied(denial, method, PeerOf(context).name, message);
  switch (denial) {
    case Denial::kTokenMissing:
      return ErrorWithReason(absl::StatusCode::kUnauthenticated, "TOKEN_MISSING", message);
    case Denial::kTokenUnknown:
      return ErrorWithReason(absl::StatusCode::kUnauthenticated, "TOKEN_UNKNOWN", message);
    case Denial::kCertificateName:
      break;
  }
  return ErrorWithReason(absl::StatusCode::kPermissionDenied, "CERTIFICATE_NAME_NOT_ALLOWED",
                         message);
}

}  // namespace rectifier
