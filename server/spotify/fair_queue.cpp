#include "server/spotify/fair_queue.hpp"

#include <algorithm>
#include <numeric>

namespace cadenza::server {

std::size_t FairQueue::Account::all_waiting() const noexcept {
    return std::accumulate(waiting.begin(), waiting.end(), std::size_t{0},
                           [](std::size_t sum, const auto& one) { return sum + one.size(); });
}

bool FairQueue::has_room(Priority priority) const noexcept {
    const auto kept = priority == Priority::interactive ? 0 : limits_.kept_for_interactive;
    return running_ + kept < limits_.running;
}

void FairQueue::run(Accounts::iterator account, Entry& entry) {
    entry.runs = true;
    ++running_;
    ++account->second.running;
    account->second.served = ++turns_;
}

FairQueue::Entered FairQueue::enter(const std::string& account, Priority priority) {
    auto place = accounts_.try_emplace(account).first;
    auto& waiting = place->second.waiting[static_cast<std::size_t>(priority)];
    // Nobody of its kind can be waiting for anything but room, so having room is having a turn.
    const bool runs = has_room(priority) && place->second.running < limits_.running_per_account;
    if (!runs &&
        (this->waiting() >= limits_.waiting || place->second.all_waiting() >= limits_.waiting_per_account)) {
        if (place->second.running == 0 && place->second.all_waiting() == 0) accounts_.erase(place);
        return {Place::full, 0};
    }
    const auto id = ++last_;
    auto& entry = entries_.emplace(id, Entry{account, priority, false}).first->second;
    if (runs)
        run(place, entry);
    else
        waiting.push_back(id);
    return {runs ? Place::runs : Place::waits, id};
}

// The account that had its last turn longest ago, of those with one to run.
FairQueue::Accounts::iterator FairQueue::next_of(Priority priority) {
    auto out = accounts_.end();
    for (auto one = accounts_.begin(); one != accounts_.end(); ++one) {
        const auto& [name, account] = *one;
        if (account.waiting[static_cast<std::size_t>(priority)].empty() ||
            account.running >= limits_.running_per_account)
            continue;
        if (out == accounts_.end() || account.served < out->second.served) out = one;
    }
    return out;
}

std::vector<FairQueue::Id> FairQueue::leave(Id id) {
    const auto gone = entries_.find(id);
    if (gone == entries_.end()) return {};
    const auto place = accounts_.find(gone->second.account);
    if (gone->second.runs) {
        --running_;
        --place->second.running;
    } else {
        std::erase(place->second.waiting[static_cast<std::size_t>(gone->second.priority)], id);
    }
    entries_.erase(gone);
    if (place->second.running == 0 && place->second.all_waiting() == 0) accounts_.erase(place);

    std::vector<Id> out;
    for (std::size_t i = 0; i < priorities; ++i) {
        const auto priority = static_cast<Priority>(i);
        while (has_room(priority)) {
            const auto next = next_of(priority);
            if (next == accounts_.end()) break;
            auto& waiting = next->second.waiting[i];
            out.push_back(waiting.front());
            waiting.pop_front();
            run(next, entries_.at(out.back()));
        }
    }
    return out;
}

}  // namespace cadenza::server
