# cmake -DINPUT=FILE -DOUTPUT=FILE.cc -P embed.cmake: the bytes of a file as the array that
# described_protos.h declares.
file(READ ${INPUT} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(................................................................................)"
  "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"proto/described_protos.h\"

namespace rectifier {

extern const unsigned char kDescribedProtos[] = {
${bytes}
};
extern const size_t kDescribedProtosBytes = ${size};

}  // namespace rectifier
")
