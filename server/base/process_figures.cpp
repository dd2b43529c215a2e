#include "server/base/process_figures.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace cadenza::server {
namespace {

// The fields of /proc/self/stat from the third on (proc(5)); the second, the name, may hold blanks.
std::vector<double> read_stat() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    std::istringstream rest(line.substr(line.rfind(')') == line.npos ? 0 : line.rfind(')') + 1));
    std::string state;
    rest >> state;
    std::vector<double> out{0, 0, 0};
    for (double field = 0; rest >> field;) out.push_back(field);
    return out;
}

double boot_time() {
    std::ifstream file("/proc/stat");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("btime ")) return std::stod(line.substr(6));
    return 0;
}

double count_descriptors() {
    std::error_code ec;
    double count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ec)) {
        static_cast<void>(entry);
        ++count;
    }
    return count > 0 ? count - 1 : 0;  // the folder itself was open
}

}  // namespace

ProcessFigures read_process_figures() {
    ProcessFigures out;
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    if (const auto stat = read_stat(); stat.size() > 24) {
        out.cpu_seconds = (stat[14] + stat[15]) / ticks;
        out.start_time = boot_time() + stat[22] / ticks;
        out.virtual_bytes = stat[23];
        out.resident_bytes = stat[24] * static_cast<double>(::sysconf(_SC_PAGESIZE));
    }
    out.open_fds = count_descriptors();
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) out.max_fds = static_cast<double>(limit.rlim_cur);
    return out;
}

}  // namespace cadenza::server
