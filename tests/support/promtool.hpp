#pragma once

#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace cadenza {

// That Prometheus' own tool has nothing to say against the text of a /metrics.
inline void check_with_promtool(const std::string& text) {
    if (std::system("command -v promtool >/dev/null") != 0) {  // NOLINT(concurrency-mt-unsafe): one thread
        WARN("promtool is not installed (Debian's package prometheus has it): its check is left out");
        return;
    }
    const TemporaryFolder folder;
    const auto said = folder.path() + "/said";
    const auto command = "promtool check metrics <" + folder.write("metrics", text) + " >" + said + " 2>&1";
    const int status = std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe): one thread
    std::ostringstream words;
    words << std::ifstream(said).rdbuf();
    CHECK(words.str().empty());
    CHECK(status == 0);
}

}  // namespace cadenza
