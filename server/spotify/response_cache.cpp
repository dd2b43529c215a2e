#include "server/spotify/response_cache.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

constexpr std::size_t overhead = 256;           // of an entry, about
constexpr std::int64_t look_every_ms = 60'000;  // for what nobody asks for any more

bool looks_whole(std::string_view body) {
    constexpr std::string_view space = " \t\r\n";
    const auto first = body.find_first_not_of(space);
    if (first == body.npos) return false;
    const char last = body[body.find_last_not_of(space)];
    return (body[first] == '{' && last == '}') || (body[first] == '[' && last == ']');
}

}  // namespace

std::size_t ResponseCache::cost(const Key& key, const Entry& entry) noexcept {
    return overhead + key.account.size() + key.target.size() + entry.body->size();
}

ResponseCache::Entries::iterator ResponseCache::drop(Entries::iterator entry) {
    bytes_ -= cost(entry->first, entry->second);
    uses_.erase(entry->second.use);
    return entries_.erase(entry);
}

void ResponseCache::drop_old(std::int64_t now) {
    if (now < looked_at_ + look_every_ms) return;
    looked_at_ = now;
    for (auto entry = entries_.begin(); entry != entries_.end();)
        entry = entry->second.until <= now ? drop(entry) : std::next(entry);
}

SharedBody ResponseCache::find(const Key& key, std::int64_t now) {
    drop_old(now);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    if (found->second.until <= now) {
        drop(found);
        return nullptr;
    }
    uses_.splice(uses_.end(), uses_, found->second.use);
    return found->second.body;
}

void ResponseCache::put(Key key, SharedBody body, std::int64_t until, std::int64_t now) {
    drop_old(now);
    if (const auto found = entries_.find(key); found != entries_.end()) drop(found);
    if (!looks_whole(*body)) return;
    until = std::min(until, now + longest_kept_ms);
    const auto added = entries_.emplace(std::move(key), Entry{std::move(body), until, {}}).first;
    added->second.use = uses_.insert(uses_.end(), &added->first);
    bytes_ += cost(added->first, added->second);
    while (bytes_ > most_bytes_) drop(entries_.find(*uses_.front()));
}

void ResponseCache::forget(const std::string& account, Kept kept) {
    auto entry = entries_.lower_bound(Key{account, kept, ""});
    while (entry != entries_.end() && entry->first.account == account && entry->first.kept == kept)
        entry = drop(entry);
}

void ResponseCache::forget(const std::string& account) {
    auto entry = entries_.lower_bound(Key{account, Kept{}, ""});
    while (entry != entries_.end() && entry->first.account == account) entry = drop(entry);
}

}  // namespace cadenza::server
