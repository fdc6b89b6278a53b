// Whose turn it is, so that callers who all have work share the time of the threads equally,
// however much each of them has, and however long their chunks are. This is fair queueing by start
// time: every caller has an account of the time that it has had, the one with the least is next,
// and one that comes anew starts level with the one that is served. So it waits for one turn of
// each other caller at most. What a turn took is measured, because nobody knows beforehand.
//
//   turns.Push(item);
//   // On each thread, under a lock but for the work:
//   while (const std::shared_ptr<Item> item = turns.Next(is_ready)) {
//     const int64_t took = WorkFor(kTurnNanoseconds, item);
//     turns.End(*item, took);
//   }
//
// Source: Goyal, Vin and Cheng, Start-time fair queuing, SIGCOMM 1996.
#ifndef RECTIFIER_CORE_TURNS_H_
#define RECTIFIER_CORE_TURNS_H_

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace rectifier {

// A turn ends with the first chunk that ends after this.
inline constexpr int64_t kTurnNanoseconds = 500'000;

// The items of one caller are taken in order, but one that has had so much goes to the end: what is
// short waits for no long one, and what is of one kind ends one by one. One that takes a little
// longer than a slice waits for all others a second time (DECISIONS.md).
inline constexpr int64_t kSliceNanoseconds = 20'000'000;

// What every item has. All but the caller belongs to Turns.
struct TurnTaker {
  uint64_t caller = 0;
  bool is_queued = false;
  int64_t slice = 0;  // nanoseconds had since it was last put at the end
};

// Item is derived from TurnTaker. Not thread-safe.
template <class Item>
class Turns {
 public:
  // Puts the item at the end of its caller's queue, or at the front, unless it is queued already.
  // One that has had its slice goes to the end all the same.
  void Push(std::shared_ptr<Item> item) { Queue(std::move(item), /*in_front=*/false); }
  void PushFront(std::shared_ptr<Item> item) { Queue(std::move(item), /*in_front=*/true); }

  // The item whose turn it is, or null. It stays queued, so that several threads may work on it;
  // one for which `is_ready` says no is dropped. End must follow.
  template <class IsReady>
  std::shared_ptr<Item> Next(const IsReady& is_ready) {
    while (!waiting_.empty()) {
      Account& account = *std::get<Account*>(*waiting_.begin());
      DropFront(account, is_ready);
      if (account.queue.empty()) {
        SetIdle(account);
        continue;
      }
      now_ = std::max(now_, account.had);
      ++account.turns;
      Charge(account, kTurnNanoseconds);  // until End knows better
      Forget();
      return account.queue.front();
    }
    return nullptr;
  }

  void End(Item& item, int64_t nanoseconds) {
    Account& account = accounts_.at(item.caller);
    --account.turns;
    Charge(account, nanoseconds - kTurnNanoseconds);
    item.slice += nanoseconds;
    if (HasHadSlice(item) && !account.queue.empty() && account.queue.front().get() == &item) {
      MoveToEnd(account);
    }
    Forget();
  }

 private:
  struct Account {
    uint64_t caller = 0;
    int64_t had = 0;       // the time that it has had, and was granted
    uint64_t charged = 0;  // among those with as much the one that was charged first is next
    int64_t turns = 0;     // under way
    std::deque<std::shared_ptr<Item>> queue;
  };
  using Order = std::set<std::tuple<int64_t, uint64_t, Account*>>;

  static std::tuple<int64_t, uint64_t, Account*> Place(Account& account) {
    return {account.had, account.charged, &account};
  }
  static bool HasHadSlice(const Item& item) { return item.slice >= kSliceNanoseconds; }
  Order& OrderOf(const Account& account) { return account.queue.empty() ? idle_ : waiting_; }

  void Queue(std::shared_ptr<Item> item, bool in_front) {
    if (std::exchange(item->is_queued, true)) return;
    Account& account = AccountOf(item->caller);
    if (account.queue.empty()) {
      idle_.erase(Place(account));
      account.had = std::max(account.had, now_);
      account.charged = ++charges_;
      waiting_.insert(Place(account));
    }
    // Between two steps an item is not ready, so another thread may drop it: that is no new slice.
    if (in_front && !HasHadSlice(*item)) {
      account.queue.push_front(std::move(item));
    } else {
      item->slice = 0;
      account.queue.push_back(std::move(item));
    }
  }

  Account& AccountOf(uint64_t caller) {
    const auto [found, is_new] = accounts_.try_emplace(caller);
    Account& account = found->second;
    if (is_new) {
      account.caller = caller;
      idle_.insert(Place(account));
    }
    return account;
  }

  // Accounts in `waiting_` may have an empty queue for as long as this takes.
  template <class IsReady>
  void DropFront(Account& account, const IsReady& is_ready) {
    while (!account.queue.empty() && !is_ready(*account.queue.front())) {
      account.queue.front()->is_queued = false;
      account.queue.pop_front();
    }
  }

  void SetIdle(Account& account) {
    waiting_.erase(Place(account));
    idle_.insert(Place(account));
  }

  void Charge(Account& account, int64_t nanoseconds) {
    Order& order = OrderOf(account);
    order.erase(Place(account));
    account.had += nanoseconds;
    account.charged = ++charges_;
    order.insert(Place(account));
  }

  void MoveToEnd(Account& account) {
    account.queue.front()->slice = 0;
    account.queue.push_back(std::move(account.queue.front()));
    account.queue.pop_front();
  }

  // Drops accounts that say no more than that their caller has had no more than others; all of them
  // where nobody waits.
  void Forget() {
    for (auto place = idle_.begin(); place != idle_.end();) {
      Account& account = *std::get<Account*>(*place);
      if (account.had > now_ && !waiting_.empty()) return;
      if (account.turns > 0) {
        ++place;
        continue;
      }
      place = idle_.erase(place);
      accounts_.erase(account.caller);
    }
  }

  std::unordered_map<uint64_t, Account> accounts_;
  Order waiting_;    // accounts with items
  Order idle_;       // accounts without
  int64_t now_ = 0;  // what the caller that was last served had had
  uint64_t charges_ = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_TURNS_H_
