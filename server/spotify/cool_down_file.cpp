#include "server/spotify/cool_down_file.hpp"

#include "server/base/ascii.hpp"
#include "server/base/crypto.hpp"
#include "server/base/state_folder.hpp"

#include <utility>

namespace cadenza::server {
namespace {

constexpr std::size_t most_bytes = 40;
// What is over sooner no restart outlives, and one that ends hardly later is no news: the loop waits for the
// disk meanwhile.
constexpr std::int64_t least_kept_ms = 10'000;
constexpr std::int64_t least_later_ms = 1'000;

}  // namespace

CoolDownFile::CoolDownFile(std::string folder, const std::string& client_id, const std::string& api_url,
                           const Log& log)
    : folder_(std::move(folder)),
      name_("cool-down-" + hex(sha256(client_id + "\n" + api_url).substr(0, 8))),
      log_(log) {
    if (const auto made = make_state_folder(folder_); !made) tell(made.error());
}

std::optional<CoolDown> CoolDownFile::read(std::int64_t now) {
    const bool told = std::exchange(ignores_, false);
    const auto ignore = [&](const std::string& problem) {
        ignores_ = true;
        if (!told) log_.warn("state_ignored", {{"file", name_}, {"problem", problem}});
        return std::nullopt;
    };
    auto text = read_state(folder_, name_, most_bytes);
    if (!text && text.error().code == Errc::not_found) return std::nullopt;
    if (!text) return ignore(text.error().detail);
    if (text->ends_with('\n')) text->pop_back();
    const auto cooling = read_cool_down(*text);
    if (!cooling) return ignore("it does not say until when Spotify wants no requests");
    if (cooling->until > now + longest_cool_down_ms) return ignore("it says more than a day");
    return cooling;
}

void CoolDownFile::write(const CoolDown& cooling, std::int64_t now) {
    if (cooling.until < now + least_kept_ms) return;
    // Without a lock: should another process write in between, the earlier end may stay, until somebody is
    // told to wait again.
    if (const auto known = read(now); known && known->until + least_later_ms >= cooling.until) return;
    if (const auto written = write_state(folder_, name_, to_text(cooling) + "\n"); !written)
        tell(written.error());
}

void CoolDownFile::tell(const Error& error) {
    if (std::exchange(told_, true)) return;
    log_.warn("state_not_kept",
              {{"error", error.detail},
               {"hint", "a restart forgets for how long Spotify wants no requests; see STATE_DIR"}});
}

}  // namespace cadenza::server
