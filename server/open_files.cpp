#include "server/open_files.hpp"

#include <algorithm>
#include <sys/resource.h>

namespace cadenza::server {

std::uint64_t open_files_wanted(std::size_t connections) {
    constexpr std::uint64_t others = 64;
    return connections + others;
}

std::uint64_t soft_limit_for(std::uint64_t wanted, std::uint64_t soft, std::uint64_t hard) {
    return std::max(soft, std::min(wanted, hard));
}

void raise_open_files(std::size_t connections, const Log& log) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const auto wanted = open_files_wanted(connections);
    const auto soft = soft_limit_for(wanted, limit.rlim_cur, limit.rlim_max);
    if (soft != limit.rlim_cur) {
        const rlimit raised{.rlim_cur = soft, .rlim_max = limit.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    if (limit.rlim_cur < wanted)
        log.warn("open_files_short",
                 {{"may_open", static_cast<std::int64_t>(limit.rlim_cur)},
                  {"wanted", static_cast<std::int64_t>(wanted)},
                  {"todo", "raise the hard limit (systemd: LimitNOFILE), or lower LIMIT_CONNECTIONS"}});
}

}  // namespace cadenza::server
