package local

const sysProcessVMReadv = 270
