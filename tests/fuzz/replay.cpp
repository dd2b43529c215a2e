// fuzz_replay <corpus>: runs every target on its corpus and counts. It fails when a target has no corpus, or
// a corpus no target.
// fuzz_replay --seeds <folder>: writes what targets make from the data of other tests, for libFuzzer.

#include "tests/fuzz/target.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

namespace cadenza::fuzz {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream out;
    out << file.rdbuf();
    require(file.good(), "a file of the corpus can be read");
    return std::move(out).str();
}

void run(const Target& target, const std::string& input) {
    const std::vector<char> copy(input.begin(), input.end());
    target.run({copy.data(), copy.size()});
}

// How many inputs there were.
std::size_t replay(const Target& target, const fs::path& corpus) {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(corpus / target.name)) {
        // Unbuffered and before the run: a crash leaves the name as the last line.
        std::cerr << target.name << ": " << entry.path().string() << '\n';
        run(target, read(entry.path()));
        ++count;
    }
    require(count > 0, "every target has a corpus");
    if (target.seeds)
        for (const auto& seed : target.seeds()) {
            run(target, seed);
            ++count;
        }
    return count;
}

int replay_all(const fs::path& corpus) {
    std::set<std::string, std::less<>> names;
    std::size_t inputs = 0;
    for (const auto& target : targets()) {
        require(names.emplace(target.name).second, "names of targets differ");
        inputs += replay(target, corpus);
    }
    for (const auto& entry : fs::directory_iterator(corpus))
        require(names.contains(entry.path().filename().string()), "every corpus has a target");
    require(!names.empty(), "there are targets");
    std::cout << "fuzz: " << names.size() << " targets, " << inputs << " inputs\n";
    return 0;
}

int write_seeds(const fs::path& folder) {
    for (const auto& target : targets()) {
        if (!target.seeds) continue;
        fs::create_directories(folder / target.name);
        std::size_t number = 0;
        for (const auto& seed : target.seeds())
            std::ofstream(folder / target.name / ("seed-" + std::to_string(number++)), std::ios::binary)
                << seed;
    }
    return 0;
}

}  // namespace
}  // namespace cadenza::fuzz

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 2 && arguments[0] == "--seeds") return cadenza::fuzz::write_seeds(arguments[1]);
    if (arguments.size() == 1) return cadenza::fuzz::replay_all(arguments[0]);
    std::cerr << "fuzz_replay <corpus> | --seeds <folder>\n";
    return 2;
}
