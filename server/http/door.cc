#include "server/http/door.h"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <list>
#include <new>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "server/http/session.h"
#include "server/http/tls_context.h"
#include "server/posix/peer_name.h"

namespace rectifier::http {
namespace {

namespace asio = boost::asio;

constexpr absl::Duration kLook = absl::Milliseconds(5);

}  // namespace

class Door::Implementation {
 public:
  Implementation(Settings settings, const HttpMetrics& metrics)
      : settings_(std::move(settings)),
        router_(settings_.router),
        budget_(settings_.max_bytes, metrics.held_bytes()),
        tls_(settings_.tls),
        environment_{.io = io_,
                     .translators = translators_,
                     .router = router_,
                     .budget = budget_,
                     .metrics = metrics,
                     .timeouts = settings_.timeouts,
                     .handshake_timeout = settings_.handshake_timeout,
                     .is_draining = is_draining_,
                     .requests = requests_},
        thread_([this] { Run(); }) {}

  ~Implementation() {
    HangUp();
    translators_.join();
    work_.reset();
    thread_.join();
  }

  void UseQueues(std::vector<CallQueue*> queues) { queues_ = std::move(queues); }

  void Take(FileDescriptor connection, int listener, bool is_unix) {
    auto kept = std::make_shared<FileDescriptor>(std::move(connection));
    asio::post(io_,
               [this, kept, listener, is_unix] { Begin(std::move(*kept), listener, is_unix); });
  }

  void AnnounceDrain() { is_draining_ = true; }

  bool AwaitIdle(absl::Duration timeout) {
    const absl::Time end = absl::Now() + timeout;
    while (requests_.load() > 0 && absl::Now() < end) absl::SleepFor(kLook);
    return requests_.load() == 0;
  }

  // No call is begun when it returns, so that the queues may go.
  void HangUp() {
    absl::Notification done;
    asio::post(io_, [this, &done] {
      is_closed_ = true;
      for (const auto& weak : sessions_) {
        if (const auto session = weak.lock()) session->HangUp();
      }
      sessions_.clear();
      done.Notify();
    });
    done.WaitForNotification();
  }

 private:
  // What has no memory to go on has ended its session by that.
  void Run() {
    for (;;) try {
        io_.run();
        return;
      } catch (const std::bad_alloc&) {
      }
  }

  void Begin(FileDescriptor connection, int listener, bool is_unix) {
    if (is_closed_) return;
    sessions_.remove_if([](const std::weak_ptr<Session>& each) { return each.expired(); });
    const bool is_encrypted = settings_.tls != nullptr && !is_unix;
    std::string peer = is_unix ? "unix:" : PeerName(connection.get());
    sessions_.push_back(StartSession(
        environment_,
        {.connection = std::move(connection),
         .peer = std::move(peer),
         .entrance = [this,
                      listener](FileDescriptor end) { settings_.enter(std::move(end), listener); },
         .queue = queues_[next_queue_++ % queues_.size()]},
        is_encrypted ? tls_.Current() : nullptr));
  }

  const Settings settings_;
  const Router router_;
  ByteBudget budget_;
  TlsContext tls_;
  std::atomic<bool> is_draining_ = false;
  std::atomic<int64_t> requests_ = 0;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  asio::thread_pool translators_{1};
  SessionEnvironment environment_;
  std::vector<CallQueue*> queues_;
  // These belong to the thread.
  bool is_closed_ = false;
  size_t next_queue_ = 0;
  std::list<std::weak_ptr<Session>> sessions_;
  std::thread thread_;
};

Door::Door(Settings settings, const HttpMetrics& metrics)
    : implementation_(std::make_unique<Implementation>(std::move(settings), metrics)) {}
Door::~Door() = default;

void Door::UseQueues(std::vector<CallQueue*> queues) {
  implementation_->UseQueues(std::move(queues));
}
void Door::Take(FileDescriptor connection, int listener, bool is_unix) {
  implementation_->Take(std::move(connection), listener, is_unix);
}
void Door::AnnounceDrain() { implementation_->AnnounceDrain(); }
bool Door::AwaitIdle(absl::Duration timeout) { return implementation_->AwaitIdle(timeout); }
void Door::HangUp() { implementation_->HangUp(); }

}  // namespace rectifier::http
